"""All of Streamlit: the frame, the parts shared by pages, and a folder for each occasion of the users."""
